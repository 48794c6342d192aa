"""Sentences about loading the training city, and what each of its steps is called."""

SENTENCES = {
    "refused.load_training": "The training city was not loaded, and nothing was changed.",
    "holds_others": "This database holds records that are not of a training city. The city goes into an empty database "
    "only: choose another data folder with --data, or another database with --database.",
    "already_loaded": "It is there already, with {people} people (seed {seed}). To throw it away with everything that "
    "was practised in it, and load it anew, add --replace.",
    "people.out_of_range": "The training city can have from 50 to 2,000,000 people.",
}

STEPS = {
    "places": "Streets and practices",
    "people": "People",
    "queue": "Contacts and referrals",
    "apartments": "Apartments",
    "plans": "Assessments and plans",
    "boards": "Workers and visits",
    "names": "Learning the names",
    "statistics": "Taking stock",
}
