package org.distill4j.eval;

/**
 * Tango's score interval of a paired difference of two shares.
 *
 * <p>Of n pairs b are won and c lost. The interval holds each difference d that the score test does
 * not refuse:
 *
 * <pre>{@code
 * |b - c - n d| <= z sqrt(n (2 q + d (1 - d)))
 * q = (sqrt(B² - 8 n C) - B) / 4 n,  B = (2 n - b + c) d - b - c,  C = -c d (1 - d)
 * }</pre>
 *
 * <p>q being the likeliest share of lost pairs where the difference is d. Unlike the normal
 * interval it stays open where no pair is discordant, {@code ± z² / (n + z²)}, and so holds its 95
 * % on small samples and where two models nearly agree.
 *
 * @see <a
 *     href="https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C891::AID-SIM780%3E3.0.CO;2-B">
 *     Tango, 1998</a>
 */
record ScoreInterval(double low, double high) {
  private static final double Z = Estimate.Z;
  private static final int HALVINGS = 100;

  static ScoreInterval of(double won, double lost, double n) {
    double difference = (won - lost) / n;
    return new ScoreInterval(end(won, lost, n, difference, -1), end(won, lost, n, difference, 1));
  }

  /** How far the ends are from 0 where no pair is discordant. */
  static double halfWidthOfNone(double n) {
    return Z * Z / (n + Z * Z);
  }

  /** The score falls as the difference grows: halves between one that is held and one beyond. */
  private static double end(double won, double lost, double n, double held, double beyond) {
    double inside = held;
    double outside = beyond;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (inside + outside) / 2;
      if (Math.abs(score(won, lost, n, middle)) < Z) {
        inside = middle;
      } else {
        outside = middle;
      }
    }
    return inside;
  }

  private static double score(double won, double lost, double n, double difference) {
    double b = (2 * n - won + lost) * difference - won - lost;
    double c = -lost * difference * (1 - difference);
    double share = (Math.sqrt(Math.max(0, b * b - 8 * n * c)) - b) / (4 * n);
    double variance = n * (2 * share + difference * (1 - difference));
    return variance > 1e-300 ? (won - lost - n * difference) / Math.sqrt(variance) : 0;
  }
}
