"""Django's French formats, but a day and an hour are joined as French joins them: "21 novembre 2026 à 16:15"."""

DATETIME_FORMAT = "j F Y à H:i"
