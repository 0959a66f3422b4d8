package org.distill4j.softlabels;

/**
 * The report of a labelling: how many examples, in what time, and whether earlier labels were used
 * again.
 *
 * @param examples how many examples are labelled now
 * @param resumedFrom how many of them an earlier run that was cut off had labelled
 * @param seconds how long it took
 * @param imagesPerSecond how many were labelled per second; 0 if none had to be
 * @param reused whether the file was there already, complete
 */
public record Labelling(
    long examples, long resumedFrom, double seconds, double imagesPerSecond, boolean reused) {}
