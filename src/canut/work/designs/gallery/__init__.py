"""The designs to begin with, by what they are about: texts, marks, people."""
