"""Disputes by those who take part in them; mediators, published summaries and yearly reports for all."""
