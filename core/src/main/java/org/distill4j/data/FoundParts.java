package org.distill4j.data;

import java.util.Optional;

/**
 * The parts of data that files or folders were found for.
 *
 * @param validation none: it is to be drawn from training
 * @param test none: it is to be drawn from training
 */
public record FoundParts(Dataset train, Optional<Dataset> validation, Optional<Dataset> test) {}
