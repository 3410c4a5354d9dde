package dev.palate.core.bundle;

/**
 * A data set the bundle was trained on: its name, licence, and how many pairs and users were used.
 */
public record DataSource(String name, String licence, int pairs, int users) {}
