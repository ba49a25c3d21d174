import { createApp } from "vue";
import Backup from "../../recipes/vue/Backup.vue";

createApp(Backup).mount("#root");
