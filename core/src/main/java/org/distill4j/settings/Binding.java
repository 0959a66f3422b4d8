package org.distill4j.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;

/**
 * The binding of a settings record to YAML: reads it, writes it, and describes it as a JSON Schema.
 *
 * <p>Components are primitives, {@code String}, {@code Path}, {@code Optional}, {@code List},
 * enums, records, and sealed interfaces of records; keys and names are theirs in kebab-case. {@link
 * org.distill4j.settings.Default}, {@link org.distill4j.settings.Shorthand}, {@link
 * org.distill4j.settings.InsteadOf}, {@link org.distill4j.settings.Unwrapped} and {@link
 * org.distill4j.settings.Describe} say what may be left out, shortened, said otherwise, what has no
 * key of its own, and what it means.
 *
 * @param <T> the record
 */
public final class Binding<T extends Record> {
  /** A larger file is no recipe. */
  private static final int BYTES = 1 << 20;

  /** What comes through these has no folder of its own. */
  private static final String DESCRIPTOR = "/dev/(stdin|fd/\\d+)|/proc/(self|\\d+)/fd/\\d+";

  private final Class<T> type;
  private final RecordKind fields;

  /**
   * A binding of a record.
   *
   * @throws IllegalArgumentException if a component has a type that settings cannot have
   * @throws IllegalStateException if a default is wrong
   */
  public Binding(Class<T> type) {
    this.type = type;
    this.fields = RecordKind.of(type);
    Defaults.check(fields, new HashSet<>());
  }

  /**
   * Reads a file; its relative paths are relative to its folder, or to the working folder where it
   * is {@code /dev/stdin} or another descriptor.
   *
   * @param overrides each {@code path.to.key=value}
   * @throws InputFault with a line for everything that is wrong
   */
  public T read(Path file, List<String> overrides) {
    return read(file, overrides, Optional.empty());
  }

  /**
   * Reads a file, and hears of faults of what it names too, where it has faults itself.
   *
   * @param others gets the components that are right by themselves, by name, and gives a line for
   *     everything that is wrong with what they name; it is not asked where the text has no fault
   * @throws InputFault with a line for everything that is wrong
   */
  public T read(
      Path file, List<String> overrides, Function<Map<String, Object>, List<String>> others) {
    return read(file, overrides, Optional.of(others));
  }

  private T read(
      Path file,
      List<String> overrides,
      Optional<Function<Map<String, Object>, List<String>>> others) {
    Path folder =
        file.toString().matches(DESCRIPTOR) ? Path.of("") : file.toAbsolutePath().getParent();
    return parse(text(file), file.toString(), folder, overrides, others);
  }

  /**
   * Reads a text.
   *
   * @param name what faults call it
   * @param folder what its relative paths are relative to
   * @param overrides each {@code path.to.key=value}, carried out in their order
   * @throws InputFault with a line for everything that is wrong
   */
  public T parse(String text, String name, Path folder, List<String> overrides) {
    return parse(text, name, folder, overrides, Optional.empty());
  }

  private T parse(
      String text,
      String name,
      Path folder,
      List<String> overrides,
      Optional<Function<Map<String, Object>, List<String>>> others) {
    Faults faults = new Faults();
    Place start = Place.file(name, folder.toAbsolutePath().normalize());
    Optional<Object> value = Optional.empty();
    List<String> more = List.of();
    try {
      Optional<Tree> tree = TreeReader.read(text, start, faults);
      if (tree.isEmpty()) {
        faults.add(start, "", "empty (expected: " + fields.expects() + ")");
      } else {
        Tree longhand = Longhand.spell(fields, tree.get());
        Tree changed = Overrides.apply(fields, longhand, overrides, faults);
        Binder binder = new Binder(fields, faults);
        value = binder.bind(fields, changed, "");
        if (!faults.isEmpty() && others.isPresent()) {
          Map<String, Object> sound = sound(changed, faults);
          binder.missingFiles(path -> !sound.containsKey(path.replaceFirst("\\..*", "")));
          more = others.get().apply(sound);
        }
      }
    } catch (Unreadable e) {
      faults.add(e);
    }
    if (!faults.isEmpty()) {
      throw new InputFault(Stream.concat(faults.lines().stream(), more.stream()).toList());
    }
    return type.cast(value.orElseThrow());
  }

  /** The components that are right by themselves, and of which no fault speaks. */
  private Map<String, Object> sound(Tree tree, Faults faults) {
    Map<String, Object> sound = new HashMap<>();
    if (tree instanceof Tree.Mapping mapping) {
      for (Field field : fields.all()) {
        Faults own = new Faults();
        mapping
            .entry(field.key())
            .flatMap(e -> new Binder(fields, own).bind(field.kind(), e.value(), field.key()))
            .filter(built -> own.isEmpty() && !faults.concerns(field.key()))
            .ifPresent(built -> sound.put(field.key(), built));
      }
    }
    return sound;
  }

  private static String text(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(BYTES + 1);
      if (bytes.length > BYTES) {
        throw new InputFault(file + ": more than " + BYTES + " bytes (expected: a recipe)");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InputFault(file + ": not text (expected: YAML in UTF-8)", e);
    } catch (IOException e) {
      String problem =
          Files.isDirectory(file)
              ? "a folder"
              : Files.exists(file) ? "cannot be read" : "not found";
      throw new InputFault(file + ": " + problem + " (expected: a YAML file)", e);
    }
  }

  /**
   * The YAML of a record, all defaults filled in; read again it gives an equal record.
   *
   * @throws IllegalArgumentException if a number in it is not finite
   */
  public String write(T settings) {
    return TreeWriter.write(fields, settings);
  }

  /** The JSON Schema, draft 2020-12, as text that ends in a line break. */
  public String schema(String title) {
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER));
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    try {
      return new ObjectMapper()
              .writer(printer)
              .writeValueAsString(SchemaWriter.schema(fields, title))
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the schema of " + type + " cannot be written", e);
    }
  }
}
