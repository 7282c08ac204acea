"""Reading about guilds: who is in them, what is drawn, what reviews say."""
