package org.distill4j.settings;

import java.util.List;
import java.util.Optional;

/** Spells out what YAML may say shortly, so that all that follows meets one form. */
final class Longhand {
  private Longhand() {}

  /**
   * The same values without shorthands; what fits nowhere stays as it is.
   *
   * <p>{@code adam} becomes {@code {adam: {}}}, and 0.01 {@code {constant: {rate: 0.01}}}.
   */
  static Tree spell(Kind kind, Tree tree) {
    if (kind instanceof Kind.Maybe maybe) {
      return spell(maybe.element(), tree);
    } else if (kind instanceof Kind.Many many && tree instanceof Tree.Sequence list) {
      List<Tree> items = list.items().stream().map(t -> spell(many.element(), t)).toList();
      return new Tree.Sequence(items, list.place());
    } else if (kind instanceof Kind.Named named && tree instanceof Tree.Mapping mapping) {
      return each(mapping, key -> Optional.of(named.element()));
    } else if (kind instanceof RecordKind fields) {
      return fields(fields, tree);
    } else if (kind instanceof Variants variants) {
      return variants(variants, tree);
    }
    return tree;
  }

  private static Tree fields(RecordKind fields, Tree tree) {
    if (tree instanceof Tree.Mapping mapping) {
      List<Field> all = fields.all();
      return each(
          mapping,
          key -> all.stream().filter(f -> f.key().equals(key)).map(Field::kind).findFirst());
    }
    if (tree instanceof Tree.Scalar word && fields.preset(word.text()).isPresent()) {
      return fields(fields, fields.preset(word.text()).get());
    }
    Optional<Field> bare = fields.shorthand().filter(f -> suits(f.kind(), tree));
    return bare.isPresent() ? implied(bare.get().key(), spell(bare.get().kind(), tree)) : tree;
  }

  private static Tree variants(Variants variants, Tree tree) {
    if (tree instanceof Tree.Mapping mapping) {
      return each(mapping, key -> variants.named(key).map(f -> f));
    }
    if (tree instanceof Tree.Scalar word && variants.named(word.text()).isPresent()) {
      Tree nothing = new Tree.Mapping(List.of(), word.place());
      Tree.Entry name = new Tree.Entry(word.text(), word.place(), false, nothing);
      return new Tree.Mapping(List.of(name), word.place());
    }
    Optional<RecordKind> bare =
        variants.shorthand().filter(f -> suits(f.shorthand().orElseThrow().kind(), tree));
    return bare.isPresent() ? implied(bare.get().key(), fields(bare.get(), tree)) : tree;
  }

  private interface Kinds {
    Optional<Kind> of(String key);
  }

  private static Tree each(Tree.Mapping mapping, Kinds kinds) {
    List<Tree.Entry> entries =
        mapping.entries().stream()
            .map(
                e ->
                    new Tree.Entry(
                        e.key(),
                        e.place(),
                        e.implied(),
                        kinds.of(e.key()).map(k -> spell(k, e.value())).orElse(e.value())))
            .toList();
    return new Tree.Mapping(entries, mapping.place());
  }

  private static Tree implied(String key, Tree value) {
    Tree.Entry entry = new Tree.Entry(key, value.place(), true, value);
    return new Tree.Mapping(List.of(entry), value.place());
  }

  /** Whether a bare value can be meant as that kind. */
  private static boolean suits(Kind kind, Tree tree) {
    if (kind instanceof Kind.Maybe maybe) {
      return suits(maybe.element(), tree);
    } else if (kind instanceof Kind.Many) {
      return tree instanceof Tree.Sequence;
    } else if (!(tree instanceof Tree.Scalar scalar) || scalar.isNull()) {
      return false;
    }
    boolean number = kind instanceof Kind.Whole || kind instanceof Kind.Decimal;
    return kind instanceof Kind.One && (!number || Literal.decimal((Tree.Scalar) tree).isPresent());
  }
}
