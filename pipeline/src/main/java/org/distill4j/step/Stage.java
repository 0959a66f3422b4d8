package org.distill4j.step;

import java.nio.file.Path;

/**
 * A stage of a run that is done, and its artefact.
 *
 * @param name as in the run's folder
 * @param artefact what it made
 * @param reused whether it had been done before
 * @param record what is known of it
 */
public record Stage(String name, Path artefact, boolean reused, StageRecord record) {
  public String sha256() {
    return record.sha256();
  }
}
