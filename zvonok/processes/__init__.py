"""The processes of an installation: core, gateway, bot, pages; together or apart.

Each is a module of its own, so that the gateway need not wait for the bot's library, which takes longer to load than
everything else together.
"""
