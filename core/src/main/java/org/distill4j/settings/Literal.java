package org.distill4j.settings;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an unquoted scalar is by the core schema of YAML 1.2: a number, true, false or text. */
final class Literal {
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,40}");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern NUMBER =
      Pattern.compile(DECIMAL + "|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
  private static final Pattern TRUTH = Pattern.compile("true|True|TRUE|false|False|FALSE");

  private Literal() {}

  /** A decimal whole number of any size. */
  static Optional<BigInteger> whole(Tree.Scalar scalar) {
    return scalar.plain() && WHOLE.matcher(scalar.text()).matches()
        ? Optional.of(new BigInteger(scalar.text()))
        : Optional.empty();
  }

  /** A finite decimal number. */
  static Optional<Double> decimal(Tree.Scalar scalar) {
    return scalar.plain() && DECIMAL.matcher(scalar.text()).matches()
        ? Optional.of(Double.valueOf(scalar.text())).filter(Double::isFinite)
        : Optional.empty();
  }

  /** True or false. */
  static Optional<Boolean> truth(Tree.Scalar scalar) {
    return scalar.plain() && TRUTH.matcher(scalar.text()).matches()
        ? Optional.of(scalar.text().charAt(0) == 't' || scalar.text().charAt(0) == 'T')
        : Optional.empty();
  }

  /** Whether every YAML reader takes it as text. */
  static boolean isText(Tree.Scalar scalar) {
    return !scalar.plain()
        || !(scalar.isNull()
            || NUMBER.matcher(scalar.text()).matches()
            || TRUTH.matcher(scalar.text()).matches());
  }
}
