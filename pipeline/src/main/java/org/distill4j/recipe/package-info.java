/** The vocabulary of a recipe: what can be said in its YAML file, and what is refused. */
package org.distill4j.recipe;
