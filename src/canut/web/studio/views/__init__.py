"""The studio's views, by what they are about."""
