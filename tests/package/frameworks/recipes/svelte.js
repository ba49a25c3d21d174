import { mount } from "svelte";
import Backup from "../../recipes/svelte/Backup.svelte";

mount(Backup, { target: document.querySelector("#root") });
