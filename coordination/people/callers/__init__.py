"""Who calls: whose a telephone number is, and the register of professionals."""
