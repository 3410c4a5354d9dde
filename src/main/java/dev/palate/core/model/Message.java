package dev.palate.core.model;

/** One turn of a chat: a role (`user`, `assistant`, `system`, or the caller's own) and its text. */
public record Message(String role, String content) {}
