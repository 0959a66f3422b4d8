package org.distill4j.softlabels;

/**
 * What labelling a data set took.
 *
 * @param examples how many examples are labelled now
 * @param resumedFrom how many of them an earlier run that was cut off had labelled
 * @param seconds how long it took
 * @param imagesPerSecond how many were labelled per second; 0 if none had to be
 * @param reused whether the file was there already, complete
 */
public record Labelling(
    long examples, long resumedFrom, double seconds, double imagesPerSecond, boolean reused) {}
