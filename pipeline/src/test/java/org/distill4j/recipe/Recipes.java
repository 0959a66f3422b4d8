package org.distill4j.recipe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.distill4j.Seeds;

/** The recipes beside these tests. */
public final class Recipes {
  private Recipes() {}

  /** {@code tiny.yaml} for a few epochs, without baselines, with more on top. */
  public static Recipe brief(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "seed=" + Seeds.of(3),
                "teacher.train.epochs=2",
                "student.train.epochs=3",
                "baselines=[]"));
    all.addAll(List.of(overrides));
    return RecipeReader.read(path("tiny.yaml"), all);
  }

  public static Path path(String name) {
    try {
      return Path.of(Recipes.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(name, e);
    }
  }

  static String text(String name) {
    try {
      return Files.readString(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
