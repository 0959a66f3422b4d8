package org.distill4j.recipe;

/** The JSON Schema of recipes, by which editors complete and check them. */
public final class RecipeSchema {
  private RecipeSchema() {}

  /** The schema, draft 2020-12, generated from {@link Recipe} and what it is made of. */
  public static String json() {
    return RecipeReader.BINDING.schema("Distill4j recipe");
  }
}
