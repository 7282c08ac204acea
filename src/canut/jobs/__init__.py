"""Scheduled and deferred work: names mapped to use cases, run by `canut work`."""
