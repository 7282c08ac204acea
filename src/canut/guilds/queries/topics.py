"""What a guild is called where somebody chooses how to be told of it."""


def guild_topic(guild_id: int) -> str:
    return f"guild:{guild_id}"
