package org.distill4j.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.distill4j.data.source.DataSettings;
import org.distill4j.fault.InputFault;
import org.distill4j.settings.Binding;

/**
 * Reads recipes. Keys are strict and every fault is told at once, one line each: {@code
 * recipe.yaml:12 distill.temprature: unknown key (did you mean 'temperature'?)}.
 */
public final class RecipeReader {
  static final Binding<Recipe> BINDING = new Binding<>(Recipe.class);

  private RecipeReader() {}

  /**
   * Reads a file, whose relative paths are relative to its folder.
   *
   * @throws InputFault with a line for everything that is wrong
   */
  public static Recipe read(Path file) {
    return read(file, List.of());
  }

  /**
   * Reads a file and carries out overrides, whose relative paths are relative to the working
   * directory.
   *
   * @param overrides each {@code path.to.key=value} as of {@code --set}, in their order; an empty
   *     value brings the default back
   * @throws InputFault with a line for everything that is wrong
   */
  public static Recipe read(Path file, List<String> overrides) {
    return BINDING.read(file, overrides);
  }

  /**
   * {@link #read(Path, List)} that hears of files too, where the recipe has faults itself.
   *
   * @param others gets the sections that are right by themselves and gives a line for everything
   *     that is wrong with what they name
   */
  public static Recipe read(
      Path file, List<String> overrides, Function<Sections, List<String>> others) {
    return BINDING.read(file, overrides, sound -> others.apply(Sections.of(sound)));
  }

  /** The sections of a faulty recipe that are right by themselves. */
  public record Sections(
      Optional<DataSettings> data,
      Optional<TeacherSettings> teacher,
      Optional<StudentSettings> student) {
    static Sections of(Map<String, Object> sound) {
      return new Sections(
          Optional.ofNullable((DataSettings) sound.get("data")),
          Optional.ofNullable((TeacherSettings) sound.get("teacher")),
          Optional.ofNullable((StudentSettings) sound.get("student")));
    }
  }

  /**
   * Reads a text.
   *
   * @param name what faults call it
   * @param folder what its relative paths are relative to
   * @param overrides as of {@link #read(Path, List)}
   * @throws InputFault with a line for everything that is wrong
   */
  public static Recipe parse(String text, String name, Path folder, List<String> overrides) {
    return BINDING.parse(text, name, folder, overrides);
  }
}
