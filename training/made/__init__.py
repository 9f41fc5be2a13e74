"""The parts of `training.made_questions`: what was said, facts, and their unanswerable twins, as questions."""
