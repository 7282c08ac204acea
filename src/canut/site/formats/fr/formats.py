"""Django's French formats, with a day and an hour joined as in "21 novembre 2026 à 16:15"."""

DATETIME_FORMAT = "j F Y à H:i"
