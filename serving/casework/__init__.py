"""The casework database: its tables, and the acts that change them, each with its event."""
