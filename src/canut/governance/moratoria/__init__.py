"""One college stops an algorithm at once; then all decide whether it stays stopped (MECHANISMS 7.10)."""
