package org.distill4j.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Describes a settings record as a JSON Schema, draft 2020-12: what editors complete and check
 * while a recipe is written. What it refuses the binder refuses; bounds that only constructors know
 * it leaves to them.
 */
final class SchemaWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, ObjectNode> definitions = new LinkedHashMap<>();
  private final Map<String, Class<?>> owners = new LinkedHashMap<>();

  private SchemaWriter() {}

  /** The schema of a record. */
  static ObjectNode schema(RecordKind root, String title) {
    SchemaWriter writer = new SchemaWriter();
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", title);
    schema.setAll(writer.record(root));
    ObjectNode definitions = schema.putObject("$defs");
    writer.definitions.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> definitions.set(e.getKey(), e.getValue()));
    return schema;
  }

  private ObjectNode of(Kind kind) {
    if (kind instanceof Kind.Maybe maybe) {
      return of(maybe.element());
    } else if (kind instanceof Kind.Many many) {
      ObjectNode list = type("array");
      list.set("items", of(many.element()));
      return list;
    } else if (kind instanceof Kind.Named named) {
      ObjectNode mapping = type("object");
      ObjectNode properties = mapping.putObject("properties");
      named.name().names().forEach(name -> properties.set(name, of(named.element())));
      return mapping.put("additionalProperties", false);
    } else if (kind instanceof RecordKind fields) {
      return reference(fields.type());
    } else if (kind instanceof Variants variants) {
      return reference(variants.type());
    } else if (kind instanceof Kind.Whole whole) {
      return whole.wide()
          ? type("integer")
          : type("integer").put("minimum", whole.least()).put("maximum", whole.most());
    } else if (kind instanceof Kind.Decimal) {
      return type("number");
    } else if (kind instanceof Kind.Truth) {
      return type("boolean");
    } else if (kind instanceof Kind.Choice choice) {
      ObjectNode names = JSON.objectNode();
      choice.names().forEach(names.putArray("enum")::add);
      return names;
    }
    ObjectNode scalar = JSON.objectNode();
    scalar.putArray("type").add("string").add("number").add("boolean");
    return kind instanceof Kind.File ? scalar.put("minLength", 1) : scalar;
  }

  private static ObjectNode type(String name) {
    return JSON.objectNode().put("type", name);
  }

  private ObjectNode reference(Class<?> type) {
    String name = name(type);
    Class<?> owner = owners.putIfAbsent(name, type);
    if (owner == null) {
      ObjectNode definition = JSON.objectNode();
      definitions.put(name, definition);
      definition.setAll(
          type.isRecord() ? orBare(RecordKind.of(type)) : variants(new Variants(type)));
    } else if (owner != type) {
      throw new IllegalStateException(owner + " and " + type + " share the name " + name);
    }
    return JSON.objectNode().put("$ref", "#/$defs/" + name);
  }

  private static String name(Class<?> type) {
    String name = Spelling.kebab(type.getSimpleName());
    return type.getEnclosingClass() == null ? name : name(type.getEnclosingClass()) + "." + name;
  }

  private ObjectNode orBare(RecordKind kind) {
    if (kind.shorthand().isEmpty() && kind.presets().isEmpty()) {
      return record(kind);
    }
    ObjectNode either = JSON.objectNode();
    describe(either, kind.says());
    ArrayNode forms = either.putArray("oneOf");
    kind.shorthand().ifPresent(bare -> forms.add(of(bare.kind())));
    if (!kind.presets().isEmpty()) {
      kind.presets().forEach(forms.addObject().putArray("enum")::add);
    }
    ObjectNode record = record(kind);
    record.remove("description");
    forms.add(record);
    return either;
  }

  private ObjectNode record(RecordKind kind) {
    ObjectNode record = JSON.objectNode();
    describe(record, kind.says());
    record.put("type", "object");
    ObjectNode properties = record.putObject("properties");
    ArrayNode required = JSON.arrayNode();
    List<Alternative> alternatives = kind.alternatives();
    for (Field field : kind.all()) {
      ObjectNode property = of(field.kind());
      describe(property, field.says());
      field.fallback().ifPresent(f -> property.set("default", json(f.tree())));
      properties.set(field.key(), property);
      if (!field.mayBeLeftOut()
          && alternatives.stream().noneMatch(a -> a.names().contains(field.name()))) {
        required.add(field.key());
      }
    }
    ArrayNode apart = JSON.arrayNode();
    for (Alternative other : alternatives) {
      ObjectNode property = of(other.kind());
      describe(property, other.says());
      properties.set(other.key(), property);
      for (String name : other.names()) {
        ObjectNode both = JSON.objectNode();
        both.putArray("required").add(other.key()).add(Spelling.kebab(name));
        apart.addObject().set("not", both);
      }
    }
    if (!required.isEmpty()) {
      record.set("required", required);
    }
    if (!apart.isEmpty()) {
      record.set("allOf", apart);
    }
    return record.put("additionalProperties", false);
  }

  private ObjectNode variants(Variants kind) {
    ObjectNode choice = JSON.objectNode();
    ArrayNode oneOf = JSON.arrayNode();
    ArrayNode bare = JSON.arrayNode();
    for (RecordKind member : kind.all()) {
      ObjectNode form = oneOf.addObject().put("type", "object");
      form.putObject("properties").set(member.key(), reference(member.type()));
      form.putArray("required").add(member.key());
      form.put("additionalProperties", false);
      if (member.all().stream().allMatch(Field::mayBeLeftOut)) {
        bare.add(member.key());
      }
    }
    if (!bare.isEmpty()) {
      oneOf.addObject().set("enum", bare);
    }
    kind.shorthand().flatMap(RecordKind::shorthand).ifPresent(f -> oneOf.add(of(f.kind())));
    choice.set("oneOf", oneOf);
    return choice;
  }

  private static void describe(ObjectNode node, String says) {
    if (!says.isEmpty()) {
      node.put("description", says);
    }
  }

  private static JsonNode json(Tree tree) {
    if (tree instanceof Tree.Sequence list) {
      ArrayNode items = JSON.arrayNode();
      list.items().forEach(item -> items.add(json(item)));
      return items;
    } else if (tree instanceof Tree.Mapping mapping) {
      ObjectNode entries = JSON.objectNode();
      mapping.entries().forEach(e -> entries.set(e.key(), json(e.value())));
      return entries;
    }
    Tree.Scalar scalar = (Tree.Scalar) tree;
    if (Literal.whole(scalar).isPresent()) {
      return JSON.numberNode(Literal.whole(scalar).get());
    } else if (Literal.decimal(scalar).isPresent()) {
      return JSON.numberNode(Literal.decimal(scalar).get());
    } else if (Literal.truth(scalar).isPresent()) {
      return JSON.booleanNode(Literal.truth(scalar).get());
    }
    return JSON.textNode(scalar.text());
  }
}
