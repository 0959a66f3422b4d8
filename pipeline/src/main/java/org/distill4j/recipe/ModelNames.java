package org.distill4j.recipe;

/** The models of a run by the names that results, reports and the gate's limits know them by. */
public final class ModelNames {
  public static final String TEACHER = "teacher";

  /** The distilled student. */
  public static final String STUDENT = "student";

  /** The student whose biases were moved for classes that it has not seen. */
  public static final String CORRECTED = "student-corrected";

  /** The student whose channels were taken out, before it is trained on. */
  public static final String CUT = "student-cut";

  /** The student with fewer channels. */
  public static final String PRUNED = "student-pruned";

  /** The student of 8-bit integers. */
  public static final String INT8 = "student-int8";

  private ModelNames() {}
}
