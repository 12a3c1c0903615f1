"""The pages caseworkers read: plain HTML, no script."""
