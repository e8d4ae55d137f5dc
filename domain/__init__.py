"""The ground floor: what the house talks about. Pure values and rules, standard library only."""
