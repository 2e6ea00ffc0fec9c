"""The trainers' workspace: an editor beside a live preview, and the way to publication."""
