"""The articles of the constitution: what the members have agreed in words, version by version."""
