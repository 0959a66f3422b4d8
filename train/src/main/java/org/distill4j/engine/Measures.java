package org.distill4j.engine;

/**
 * What a number of steps brought.
 *
 * @param loss mean over the steps of what is made small
 * @param accuracy share of the labelled examples answered rightly, 0 to 1; NaN if there was none
 */
public record Measures(double loss, double accuracy) {}
