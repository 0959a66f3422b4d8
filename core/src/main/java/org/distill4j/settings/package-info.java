/** How a settings record is described to the people and tools that fill it. */
package org.distill4j.settings;
