"""Things to try the product on; nothing the product itself needs."""
