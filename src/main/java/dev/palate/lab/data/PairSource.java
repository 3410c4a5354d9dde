package dev.palate.lab.data;

import java.io.Closeable;
import java.io.IOException;

/** The lines or rows of one file, one after another. */
interface PairSource extends Closeable {

  /** Goes to the next line; false: there is none. */
  boolean next() throws IOException;

  /** Where it is, from 1. */
  long number();

  /**
   * The line as a pair.
   *
   * @throws IllegalArgumentException if it is none; its message says why
   */
  PreferencePair pair();
}
