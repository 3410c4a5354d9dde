/**
 * The mathematics of one user: label margins become a shift of the routing weights, its uncertainty
 * and its explanation. Pure Java.
 */
@NullMarked
package dev.palate.taste;

import org.jspecify.annotations.NullMarked;
