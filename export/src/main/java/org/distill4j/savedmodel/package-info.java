/** SavedModels: how they are written and how they are run. */
package org.distill4j.savedmodel;
