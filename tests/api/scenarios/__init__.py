"""For every line of the API's document, a situation in which exactly that is answered."""
