"""What do we know about a household on a date? Intake, identity, profiles and rules."""
