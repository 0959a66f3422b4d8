package org.distill4j.recipe;

import java.nio.file.Path;
import org.distill4j.fault.RunFault;
import org.distill4j.storage.AtomicFile;

/** Writes recipes with all defaults filled in, so that they say what was run. */
public final class RecipeWriter {
  private RecipeWriter() {}

  /** The YAML, which read again gives an equal recipe; equal recipes give the same text. */
  public static String text(Recipe recipe) {
    return RecipeReader.BINDING.write(recipe);
  }

  /**
   * Writes the YAML to a file; failpoints are labelled {@code recipe}.
   *
   * @throws RunFault if the disk refuses
   */
  public static void write(Recipe recipe, Path file) {
    AtomicFile.write(file, "recipe", text(recipe));
  }
}
