package dev.palate.server.score;

import java.util.List;

/** The answers to a batch, in input order. */
record BatchAnswer(List<ScoreAnswer> items) {}
