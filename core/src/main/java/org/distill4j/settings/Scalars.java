package org.distill4j.settings;

import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Optional;

/** Makes single values out of scalars; what is none is a fault. */
final class Scalars {
  private final Faults faults;

  Scalars(Faults faults) {
    this.faults = faults;
  }

  /** Tells that something else was expected. */
  Optional<Object> wrong(Tree tree, String path, String expected) {
    faults.add(tree.place(), path, tree.shown() + " (expected: " + expected + ")");
    return Optional.empty();
  }

  /** Tells that a word is not among those known, and which of them is near. */
  Optional<Object> unknown(
      Tree word, String text, List<String> known, String expected, String path) {
    String near = Spelling.nearest(text, known).map(n -> "; did you mean '" + n + "'?").orElse("");
    return wrong(word, path, expected + near);
  }

  /** The value, or nothing and a fault. */
  Optional<Object> one(Kind.One kind, Tree.Scalar scalar, String path) {
    Optional<?> value;
    if (kind instanceof Kind.Whole whole) {
      return whole(whole, scalar, path);
    } else if (kind instanceof Kind.Text || kind instanceof Kind.File) {
      return text(kind, scalar, path);
    } else if (kind instanceof Kind.Choice choice) {
      value = choice.constant(scalar.text());
      if (value.isEmpty() && Literal.isText(scalar)) {
        return unknown(scalar, scalar.text(), choice.names(), kind.expects(), path);
      }
    } else {
      value = kind instanceof Kind.Decimal ? Literal.decimal(scalar) : Literal.truth(scalar);
    }
    return value.isPresent() ? Optional.of(value.get()) : wrong(scalar, path, kind.expects());
  }

  private Optional<Object> whole(Kind.Whole kind, Tree.Scalar scalar, String path) {
    Optional<BigInteger> number = Literal.whole(scalar);
    if (number.isEmpty()) {
      return wrong(scalar, path, kind.expects());
    }
    BigInteger value = number.get();
    if (value.compareTo(BigInteger.valueOf(kind.least())) < 0
        || value.compareTo(BigInteger.valueOf(kind.most())) > 0) {
      String bounds = "a whole number from " + kind.least() + " to " + kind.most();
      return wrong(scalar, path, bounds);
    }
    return kind.wide() ? Optional.of(value.longValueExact()) : Optional.of(value.intValueExact());
  }

  private Optional<Object> text(Kind.One kind, Tree.Scalar scalar, String path) {
    if (scalar.isNull() || (kind instanceof Kind.File && scalar.text().isEmpty())) {
      return wrong(scalar, path, kind.expects());
    } else if (kind instanceof Kind.Text) {
      return Optional.of(scalar.text());
    }
    try {
      return Optional.of(scalar.place().folder().resolve(scalar.text()).normalize());
    } catch (InvalidPathException e) {
      return wrong(scalar, path, kind.expects());
    }
  }
}
