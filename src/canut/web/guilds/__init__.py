"""Pages of guilds: the list, one guild, membership, one's own work in it, and the draws."""
