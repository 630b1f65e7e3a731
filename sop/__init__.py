"""What is neither a page nor SQL in the customer-centred S&OP review."""
