/** How a recipe is planned, carried out and gone on with. */
package org.distill4j.run;
