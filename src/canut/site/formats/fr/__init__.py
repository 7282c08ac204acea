"""English as people in several countries read it: no month that could be taken for a day."""
