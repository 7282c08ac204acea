"""What members propose, support, amend and adopt, from an idea to a rule (MECHANISMS 7.3-7.6)."""
