"""A district to practise on: people and a hidden truth first, the departments' files after."""
