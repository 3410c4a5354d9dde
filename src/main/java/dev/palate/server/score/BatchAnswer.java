package dev.palate.scoring;

import java.util.List;

/** The answers to a batch, in input order. */
record BatchAnswer(List<ScoreAnswer> items) {}
